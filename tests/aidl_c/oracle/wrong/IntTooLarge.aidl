interface IntTooLarge { const int A = 3000000000; }
