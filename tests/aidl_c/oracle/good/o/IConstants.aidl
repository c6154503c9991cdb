package o;

interface IConstants {
    const int LAST = 0x7fffffff;
    const int MINUS = -1;
    const String NAME = "empty";
    void touch();
}
