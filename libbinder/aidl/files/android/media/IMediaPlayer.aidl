// SPDX-License-Identifier: MIT
package android.media;

/** One player of IMediaPlayerService. */
interface IMediaPlayer {
    void play();
    void pause();
    String state();
}
