package o;

interface IExtremes {
    void last() = 16777114;
    oneway void first(in String[] a) = 0;
}
