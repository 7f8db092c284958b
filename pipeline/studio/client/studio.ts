const main = document.querySelector<HTMLElement>("main");
console.log(main?.dataset.page, location.href);
