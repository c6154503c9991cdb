// SPDX-License-Identifier: MIT
package com.example;

/** A place in the plane. */
parcelable Point {
    int x;
    int y;
    @nullable String label;
}
