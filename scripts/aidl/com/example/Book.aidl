package com.example;

parcelable Book {
    int id;
    String title;
    String[] authors;
    /** Null: nobody has read it yet. */
    @nullable String review;
}
