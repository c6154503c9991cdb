package o;
interface JavaWord {
    void f(int final);
}
