// SPDX-License-Identifier: MIT
package com.example;

/** What ICompute can do with two numbers. */
@Backing(type="int")
enum Operation {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
}
