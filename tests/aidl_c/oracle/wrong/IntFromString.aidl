interface IntFromString { const int X = "a"; }
