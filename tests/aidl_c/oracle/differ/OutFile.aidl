interface OutFile {
    void f(out ParcelFileDescriptor p);
}
