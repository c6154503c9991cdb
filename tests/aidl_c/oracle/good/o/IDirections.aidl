package o;

import o.Pair;

interface IDirections {
    void out_(out int[] a, out String[] b, out byte[] c);
    int inout_(inout int[] a, in String b, inout String[] c);
    Pair pairs(in Pair a, out Pair b, inout Pair c);
    Pair[] lists(in Pair[] a, out Pair[] b);
    void list(in List<String> a);
    @nullable Pair maybe(in @nullable Pair a);
}
