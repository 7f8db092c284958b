"""PyTorch's side of the benchmark: answers questions on standard input, a line of JSON each.

usage: torch_peer.py FOLDER_OF_NETS_PY THREADS

Arrays come and go as safetensors files whose paths stand in the questions. Networks are those of nets.py, in
evaluation mode unless they train; numbers, order and layout are PyTorch's defaults, float32, on the CPU. Where a
question names a device and floats ("cuda" and "f32", "tf32" or "f16"), the time holds what goes there and back.
"""
import json
import platform
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file

sys.path.insert(0, sys.argv[1])
from nets import FusionNet, InceptionV3, ResNet50  # noqa: E402

THREADS = int(sys.argv[2])
torch.set_num_threads(THREADS)
networks, inputs, products = {}, {}, []


def milliseconds(work):
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def read_backbone(description, path):
    """The network of a description (the project's own words for the variants) with a file's weights."""
    if description["architecture"] == "resnet50":
        net = ResNet50(description["width"], description["strideIn"])
    else:
        last_pool = "max" if description["lastPool"] == "max" else "avg"
        net = InceptionV3(description["width"], description["countPadding"], last_pool)
    with safe_open(path, "pt") as file:
        state = {key: file.get_tensor(key).float() for key in file.keys()}
    missing = [name for name in net.load_state_dict(state, strict=False).missing_keys if "num_batches" not in name]
    if missing:
        raise ValueError(f"expected all tensors in {path}, got none for {missing[:3]}")
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eps = description["epsilon"]
    return net.eval()


def hello(_):
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return {"version": torch.__version__, "threads": torch.get_num_threads(), "python": platform.python_version(), "gpu": gpu}


def placed(question):
    """Where a question computes and in which floats; the products' precision is the process's, so it is set each time."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = question["floats"] == "tf32"
    return {"device": question["device"], "dtype": torch.float16 if question["floats"] == "f16" else torch.float32}


def open_network(question):
    networks[question["name"]] = read_backbone(question["description"], question["weights"]).to(**placed(question))
    return {}


def prepare(question):
    inputs[question["name"]] = load_file(question["input"])["input"]
    return {}


def run(question):
    net, batch, place = networks[question["name"]], inputs[question["name"]], placed(question)
    with torch.no_grad():
        started = time.perf_counter()
        output = net(batch.to(**place)).float().cpu()
        spent = (time.perf_counter() - started) * 1000
    if "output" in question:
        save_file({"output": output.contiguous()}, question["output"])
    return {"ms": spent}


def open_products(question):
    side = question["side"]
    generator = torch.Generator().manual_seed(0)
    pair = [torch.randn(side, side, generator=generator), torch.randn(side, side, generator=generator) / side**.5]
    products[:] = [matrix.to(**placed(question)) for matrix in pair]
    return {}


def run_products(question):
    def chain():
        value = products[0]
        for _ in range(question["products"]):
            value = value @ products[1]
        if value.is_cuda:
            torch.cuda.synchronize()

    placed(question)
    return {"ms": milliseconds(chain)}


class Photos(torch.utils.data.Dataset):
    """Photos decoded and resized as the write-up's program does it, without cutting borders."""

    def __init__(self, paths, preprocessing):
        self.paths = paths
        self.preprocessing = [(p["inputSize"], *(torch.tensor(p[k]).view(3, 1, 1) for k in ("mean", "std"))) for p in preprocessing]

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, k):
        picture, out = Image.open(self.paths[k]).convert("RGB"), []
        for size, mean, std in self.preprocessing:
            resized = np.array(picture.resize((size, size), Image.BILINEAR))
            out.append((torch.from_numpy(resized).permute(2, 0, 1).float() / 255 - mean) / std)
        return out


def photos(question):
    """One pass over the photos by as many worker processes as threads, their start included, as in every epoch."""
    dataset = Photos(question["paths"], question["preprocessing"])
    started = time.perf_counter()
    first = None
    for batch in torch.utils.data.DataLoader(dataset, question["batch"], num_workers=THREADS):
        first = batch if first is None else first
    spent = (time.perf_counter() - started) * 1000
    if "output" in question:
        save_file({f"input{k}": x.contiguous() for k, x in enumerate(first)}, question["output"])
    return {"ms": spent}


def head(question):
    """An epoch of the write-up's head alone on the first photos' features: the losses, each before its step."""
    arrays, batch = load_file(question["features"]), question["batch"]
    state = load_file(question["state"])
    hidden = [state[f"head.{k}.weight"].shape[0] for k in (1, 3, 5)]
    net = FusionNet(Features(arrays["features"].shape[1]), Features(0), hidden)
    net.load_state_dict(state, strict=False)
    optimiser = torch.optim.SGD(net.head.parameters(), lr=question["rate"], momentum=question["momentum"])
    net.train()
    losses, started = [], time.perf_counter()
    for start in range(0, question["photos"] - batch + 1, batch):
        optimiser.zero_grad()
        rows = slice(start, start + batch)
        loss = F.cross_entropy(net.head(arrays["features"][rows]), arrays["labels"][rows].long())
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return {"ms": (time.perf_counter() - started) * 1000, "losses": losses}


def probe(question):
    """Logistic regressions on groups of features, each row of length 1: the sum of their losses, and of those sent."""
    arrays, state, groups = load_file(question["features"]), load_file(question["state"]), question["groups"]
    labels, spent, losses = arrays["labels"], 0, [0, 0]
    for name, rows in zip(groups, arrays["features"].chunk(len(groups), 1)):

        def objective(weight, bias):
            loss = F.binary_cross_entropy_with_logits(rows @ weight + bias, labels)
            return loss + question["l2"] / 2 * weight.square().sum()

        started = time.perf_counter()
        rows = F.normalize(rows)
        weight, bias = torch.zeros(rows.shape[1], requires_grad=True), torch.zeros(1, requires_grad=True)
        optimiser = torch.optim.LBFGS(
            [weight, bias], max_iter=80, history_size=8, line_search_fn="strong_wolfe", tolerance_grad=0, tolerance_change=0,
        )
        slope = []

        def closure():
            optimiser.zero_grad()
            loss = objective(weight, bias)
            loss.backward()
            slope.append(torch.cat([weight.grad, bias.grad]).norm().item())
            # As long as the project's own: until the gradient is a ten-thousandth of the first one.
            if slope[-1] <= 1e-4 * slope[0]:
                raise StopIteration
            return loss

        try:
            optimiser.step(closure)
        except StopIteration:
            pass
        spent += (time.perf_counter() - started) * 1000
        with torch.no_grad():
            losses[0] += objective(weight, bias).item()
            losses[1] += objective(state[f"{name}.weight"], state[f"{name}.bias"]).item()
    return {"ms": spent, "loss": losses[0], "sentLoss": losses[1]}


class Features(torch.nn.Module):
    """Stands for a backbone where only its features are used."""

    def __init__(self, features):
        super().__init__()
        self.features = features


class FromCutPoints(torch.nn.Module):
    """The part of both backbones that fine-tuning trains, and the head: what the cached cut points go through."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, small, large):
        small = self.net.resnet.layer4(small).mean((2, 3))
        inception = self.net.inception
        large = inception.Mixed_7c(inception.Mixed_7b(inception.Mixed_7a(large))).mean((2, 3))
        return self.net.head(torch.cat([small, large], 1))


def finetune(question):
    """Steps on one batch, from the photos as the write-up's program does it, or from the cut points; losses and times."""
    backbones = [read_backbone(b["description"], b["weights"]) for b in question["backbones"]]
    state, arrays = load_file(question["state"]), load_file(question["inputs"])
    net = FusionNet(*backbones, [state[f"head.{k}.weight"].shape[0] for k in (1, 3, 5)])
    net.load_state_dict(state, strict=False)
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    tuned = [*net.resnet.layer4.parameters()]
    for block in ("Mixed_7a", "Mixed_7b", "Mixed_7c"):
        tuned += getattr(net.inception, block).parameters()
    for parameter in [*tuned, *net.head.parameters()]:
        parameter.requires_grad_(True)
    groups = [{"params": net.head.parameters()}, {"params": tuned, "lr": question["rates"]["tuned"]}]
    optimiser = torch.optim.SGD(groups, lr=question["rates"]["head"], momentum=question["momentum"])
    net.train()
    net.resnet.eval(), net.inception.eval()
    model = FromCutPoints(net) if question["from"] == "cut points" else net
    times, losses = [], []
    for _ in range(question["steps"]):
        started = time.perf_counter()
        optimiser.zero_grad()
        loss = F.cross_entropy(model(arrays["input0"], arrays["input1"]), arrays["labels"].long())
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        times.append((time.perf_counter() - started) * 1000)
    return {"ms": times, "losses": losses}


ANSWERS = {
    "hello": hello, "open": open_network, "prepare": prepare, "run": run, "open products": open_products,
    "run products": run_products, "read photos": photos, "train the head": head, "fit a linear probe": probe,
    "fine-tune": finetune,
}


def main():
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer = {"reply": ANSWERS[question["do"]](question)}
        except Exception as error:  # A failed row is told and the next question answered.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
