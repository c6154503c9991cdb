// SPDX-License-Identifier: MIT
package com.example;

import com.example.Operation;
import com.example.Point;

/** What scripts/compute.lua serves as compute. */
interface ICompute {
    /** Results that do not fit into an int are refused with this code. */
    const int ERROR_OVERFLOW = 1;

    /** The sum of two numbers. */
    int add(int a, int b);

    /** The difference of two numbers. */
    int sub(int a, int b);

    /** Any of the four; dividing by zero is EX_ILLEGAL_ARGUMENT. */
    double apply(Operation operation, double a, double b);

    /** Moves a point. */
    Point move(in Point from, int dx, int dy);

    /** Quotient, and what is left. */
    int divide(int a, int b, out int[] remainder);

    /** Adds up what is there. */
    long sum(in long[] numbers);
}
