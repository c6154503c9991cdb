interface NoDirection { void a(int[] x); }
