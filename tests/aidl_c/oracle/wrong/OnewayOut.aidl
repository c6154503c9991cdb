interface OnewayOut { oneway void a(out int[] x); }
