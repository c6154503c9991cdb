package o;

import o.Pair;

interface INullables {
    @nullable Pair[] pairs(in @nullable Pair[] a, out Pair[] b, inout @nullable Pair[] c);
    @nullable List<String> strings(in @nullable List<String> a, inout List<String> b);
    @nullable List<IBinder> binders(in @nullable List<IBinder> a, out List<IBinder> b);
    @nullable int[] numbers(in @nullable byte[] a, in @nullable boolean[] b, in @nullable char[] c,
            in @nullable long[] d, in @nullable float[] e, in @nullable double[] f);
    @nullable @utf8InCpp String utf8(in @nullable @utf8InCpp String a);
    @nullable @utf8InCpp List<String> utf8List(in @utf8InCpp List<String> a);
    @nullable String[] mixed(in @nullable @utf8InCpp String[] a);
    @nullable ParcelFileDescriptor file(in @nullable ParcelFileDescriptor a);
    @nullable INullables self(in @nullable INullables a);
    void back(out @nullable Pair a, inout @nullable String[] b);
}
