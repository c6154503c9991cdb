package o;

interface IMoreFiles {
    FileDescriptor[] bare(in FileDescriptor[] a, out FileDescriptor[] b);
    ParcelFileDescriptor fill();
    void change(inout ParcelFileDescriptor[] a);
}
