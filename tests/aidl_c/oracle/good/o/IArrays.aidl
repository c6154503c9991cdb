package o;

interface IArrays {
    int[] ints(in int[] a);
    boolean[] booleans(in boolean[] a, in byte[] b, in char[] c);
    byte[] bytes();
    long[] longs(in long[] a, in float[] b, in double[] c);
    String[] strings(in String[] a);
    @utf8InCpp String[] utf8(in @utf8InCpp String[] a);
    @nullable String[] nullables(in @nullable String[] a, in @nullable int[] b);
    List<String> list(in List<String> a);
    List<IBinder> binders(in List<IBinder> a);
}
