interface UnknownType { void a(in Foo x); }
