interface NumberTooLarge { int a() = 20000000; }
