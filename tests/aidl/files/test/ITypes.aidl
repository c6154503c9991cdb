// SPDX-License-Identifier: MIT
// ITypes.aidl: a method for every type; tests/aidl/types.lua gives back what it gets.
package test;

interface ITypes {
    @Backing(type="byte") enum Small { NONE, ONE, TOP = 127 }
    @Backing(type="int") enum Flags { READ = 1, WRITE = 2, BOTH_NOT = 64 }
    @Backing(type="long") enum Wide { FAR = 4611686018427387904L }
    parcelable Point { int x = 7; int y; @nullable String label; }
    parcelable Box<T> { @nullable T[] items; }
    parcelable Held { ParcelableHolder held; }
    union Either { int number = 1; String text; Point point; }
    parcelable All {
        boolean flag = true;
        byte tiny = -1;
        char letter = 'x';
        int number = 3;
        long large = 9007199254740993L;
        float single = 0.5f;
        double twice = 0.1;
        String text = "text";
        Small small = Small.ONE;
        Flags flags = Flags.READ;
        int[] numbers = {1, 2, 3};
        byte[] bytes;
        List<String> list;
        Point point;
        @nullable Point none;
        Either either;
        int[2][3] grid;
        @nullable IBinder binder;
        @nullable ParcelFileDescriptor file;
        Point[] points;
    }

    boolean echoBoolean(boolean v);
    byte echoByte(byte v);
    char echoChar(char v);
    int echoInt(int v);
    long echoLong(long v);
    float echoFloat(float v);
    double echoDouble(double v);
    String echoString(String v);
    @nullable String echoNullable(@nullable String v);
    Small echoSmall(Small v);
    Flags echoFlags(Flags v);
    Wide echoWide(Wide v);
    Flags[] echoFlagList(in Flags[] v);
    byte[] echoBytes(in byte[] v);
    boolean[] echoBooleans(in boolean[] v);
    char[] echoChars(in char[] v);
    long[] echoLongs(in long[] v);
    double[] echoDoubles(in double[] v);
    String[] echoStrings(in String[] v);
    @nullable String[] echoNullables(in @nullable String[] v);
    List<String> echoList(in List<String> v);
    Map<String, String> echoMap(in Map<String, String> v);
    int[2][3] echoGrid(in int[2][3] v);
    Point echoPoint(in Point v);
    @nullable Point echoNullPoint(in @nullable Point v);
    Either echoEither(in Either v);
    All echoAll(in All v);
    Held echoHeld(in Held v);
    IBinder echoBinder(IBinder v);
    @nullable IBinder echoNullBinder(@nullable IBinder v);
    ITypes echoInterface(ITypes v);
    ParcelFileDescriptor echoFile(in ParcelFileDescriptor v);
    @nullable ParcelFileDescriptor echoNullFile(in @nullable ParcelFileDescriptor v);
    int outs(int a, out int[] list, out Point point, inout String[] words);
    oneway void forget(int v);
    void nothing();
    void fail(int exception, String message);
    int play();
}
