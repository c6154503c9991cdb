interface DivisionByZero { const int X = 1 / 0; }
