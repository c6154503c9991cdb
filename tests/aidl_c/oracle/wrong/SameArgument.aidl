interface SameArgument { void a(int b, int b); }
