// SPDX-License-Identifier: MIT
package android.media;

/** What scripts/media_player.lua serves as media.player. */
interface IMediaPlayerService {
    /** A new player for a stream (3 is music): its id.  Its description and the player itself
     * follow in the reply, which AIDL has no words for: read them by code. */
    int create(int stream);

    /** Ids of the players, and what they are. */
    int[] list(out String[] descriptions);

    String describe(int id);

    void release(int id);
}
