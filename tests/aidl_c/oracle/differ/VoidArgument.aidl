interface VoidArgument { void a(void x); }
