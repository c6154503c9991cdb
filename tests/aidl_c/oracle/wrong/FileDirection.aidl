package o;
interface FileDirection {
    void f(ParcelFileDescriptor p);
}
