interface OutBinder { void a(out IBinder s); }
