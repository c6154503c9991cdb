package com.example;

import com.example.Book;
import com.example.IBookListener;

interface IBookManager {
    List<Book> getBooks();
    /** Its id is chosen by the manager, and returned. */
    int addBook(in Book book);
    /** listener hears of each book that is added from now on. */
    void listen(IBookListener listener);
}
