package o;

interface IScalars {
    const int LIMIT = 3;
    boolean boolean_(boolean a);
    byte byte_(byte a);
    char char_(char a);
    int int_(int a);
    long long_(long a);
    float float_(float a);
    double double_(double a);
    String string_(String a);
    @nullable String nullable_(in @nullable String a);
    @utf8InCpp String utf8(@utf8InCpp String a);
    IBinder binder(IBinder a);
    @nullable IBinder nullableBinder(in @nullable IBinder a);
    void nothing();
    int many(int a, long b, boolean c, String d, double e, byte f);
}
