interface SameConstant { const int X = 1; const int X = 2; }
