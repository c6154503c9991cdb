interface Overloaded { int a(); int a(int b); }
