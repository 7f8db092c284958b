/**
 * Run before the program (`deno run --preload`): loses every graphics device in the middle of its work, as when its
 * driver starts anew. The program itself knows nothing of it.
 */

/** Both backbones' fourth batches are the seventh and the eighth; a shard of two batches has been written by then. */
const LOST_WITH = 7;

const requestDevice = GPUAdapter.prototype.requestDevice;

GPUAdapter.prototype.requestDevice = async function (asked) {
  const device = await requestDevice.call(this, asked);
  const submit = device.queue.submit.bind(device.queue);
  let submits = 0;
  device.queue.submit = (buffers) => {
    submit(buffers);
    if (++submits === LOST_WITH) device.destroy();
  };
  return device;
};
