package o;

import o.Pair;
import o.IScalars;

parcelable Defaults {
    int a = 3;
    float b = 1.5f;
    double c = 2.5;
    boolean d = true;
    String e = "x";
    int[] f = {1, 2, 3};
    String[] g = {"a", "b"};
    @nullable int[] h;
    IBinder i;
    @nullable IBinder j;
    FileDescriptor k;
    ParcelFileDescriptor l;
    List<String> m;
    @utf8InCpp String n;
    @nullable @utf8InCpp String o;
    char[] p;
    boolean[] q;
    byte[] r;
    float[] s;
    double[] t;
    long[] u;
    byte v;
    char w;
    long x;
    Pair y;
    @nullable Pair z;
    Pair[] pairs;
    IScalars scalars;
    List<IBinder> binders;
}
