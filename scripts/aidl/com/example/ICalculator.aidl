package com.example;

import com.example.Point;

/** Arithmetic for whoever has none. */
interface ICalculator {
    /** What divide() throws, service specific. */
    const int ERROR_DIVISION_BY_ZERO = 1;

    int add(int a, int b);
    int sub(int a, int b);
    int divide(int a, int b);
    /** The point in the middle of two. */
    Point middle(in Point a, in Point b);
}
