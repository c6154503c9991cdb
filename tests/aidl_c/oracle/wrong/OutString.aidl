interface OutString { void a(out String s); }
