package o;

import o.IScalars;

oneway interface IOneway {
    void first(int a);
    void second(IScalars b, in String[] c);
}
