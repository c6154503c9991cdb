package o;

interface INumbered {
    void last() = 40;
    int first(int a) = 0;
    oneway void middle(String s) = 7;
}
