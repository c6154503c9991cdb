interface OutInt { void a(out int x); }
