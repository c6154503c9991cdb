interface StringFromInt { const String X = 1; }
