package o;

parcelable Pair {
    String key;
    int value = 7;
    long[] history;
    @nullable String note;
    IBinder owner;
    boolean set = true;
    List<String> tags;
}
