package o;

parcelable Nest {
    @Backing(type="byte") enum Small { A, B }
    @Backing(type="int") enum Middle { A = 1 << 4, B = A | 2 }
    @Backing(type="long") enum Large { A }
    parcelable Inner { int x = 1; @nullable(heap=true) Inner next; }
    union Either { int number; String[] words; Inner inner; Middle middle; }
    Small small;
    Middle middle = Middle.B;
    Large large;
    Small[] smalls;
    Middle[] middles;
    Large[] larges;
    Inner inner;
    Either either;
    Either.Tag tag;
    List<Either> eithers;
}
