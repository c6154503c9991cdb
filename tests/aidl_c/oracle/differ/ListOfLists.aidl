interface ListOfLists { void a(in List<List<String>> x); }
