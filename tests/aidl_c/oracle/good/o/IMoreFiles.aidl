package o;

interface IMoreFiles {
    FileDescriptor[] bare(in FileDescriptor[] a, out FileDescriptor[] b);
    void fill(out ParcelFileDescriptor a);
    void change(inout ParcelFileDescriptor[] a);
}
