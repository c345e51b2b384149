/**
 * Tensors on disk: safetensors, ONNX initializers, TensorFlow bundles, npy, CSV and raw files.
 *
 * <p>Start with {@link org.quadrille.formats.Checkpoint}: it opens any of the model formats by its
 * content, lists the tensors without reading them and reads one at a time from a memory map. {@link
 * org.quadrille.formats.Json} is the small strict JSON reader and writer that headers, plans and
 * reports share.
 *
 * <p>Every reader treats its input as hostile: what a header claims is checked against the size of
 * the file before anything is allocated, and a broken file ends in a {@link
 * org.quadrille.formats.FormatException} that names the file, the tensor and the byte. Every writer
 * writes to a temporary name in the same folder and moves the finished file into place.
 */
package org.quadrille.formats;
