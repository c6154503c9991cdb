interface NoSemicolon { void a(in String[] x) }
