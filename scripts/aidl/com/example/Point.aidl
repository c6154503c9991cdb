package com.example;

/** A place in a plane. */
parcelable Point {
    int x;
    int y;
    /** Empty for most. */
    String label;
}
