interface SameNumber { int a() = 1; int b() = 1; }
