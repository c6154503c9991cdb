interface NegativeNumber { int a() = -1; }
