interface NullableInt { void a(in @nullable int x); }
