package com.example;

import com.example.Book;

oneway interface IBookListener {
    void onNewBook(in Book book);
}
