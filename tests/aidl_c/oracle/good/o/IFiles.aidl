package o;

interface IFiles {
    ParcelFileDescriptor open(String path, in ParcelFileDescriptor log);
    FileDescriptor bare(in FileDescriptor a);
    ParcelFileDescriptor[] all(in ParcelFileDescriptor[] a);
}
