interface ListOfInt { void a(in List<int> x); }
